/** What ESLint asks of the scripts in static/js, and of their tests. Run it from the top of the tree. */

import js from "@eslint/js";
import globals from "globals";

/** The rooms of static/js: each may import from itself and from those before it. */
const ROOMS = ["text", "api", "widgets", "session", "drawing", "pictures", "features", "pages"];

/** What needs no browser: arithmetic, words and states. A page's elements are none of theirs. */
const PURE = [
  "static/js/text/**/*.js",
  "static/js/widgets/{answer-words,colours,grid-keys,label-keys,layers,matrix,numbers}.js",
  "static/js/session/connection.js",
  "static/js/drawing/{drawing,geometry}.js",
  "static/js/features/course/{arithmetic,augment,built-in,curves,kernels,landscapes}.js",
  "static/js/features/course/{recorded-runs,spans,tenths,value}.js",
  "static/js/features/dataset/chosen.js",
  "static/js/features/draw/{keeper,keeping-task}.js",
  "static/js/pictures/answers.js",
  "static/js/features/explain/{evidence,evidence-words,example,layer-words,sprites}.js",
  "static/js/features/gallery/words.js",
  "static/js/features/generate/{example,places,wishes}.js",
  "static/js/features/reference/curl.js",
  "static/js/features/runs/{run,words}.js",
];

const STYLE = {
  eqeqeq: ["error", "always"],
  "max-len": ["error", { code: 120, tabWidth: 2 }],
  "no-unused-vars": ["error", { args: "after-used", reportUsedIgnorePattern: true, argsIgnorePattern: "^_$" }],
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
};

/** Keeps a room from what comes after it; and in features/, a page from what belongs to another. */
function order(room, i) {
  const later = ROOMS.slice(i + 1).map((name) => ({
    regex: `/${name}/`,
    message: `${room}/ lies before ${name}/, and imports nothing of it.`,
  }));
  const other = { regex: "^\\.\\./[^.]", message: "What belongs to one page imports nothing of another page." };
  const bare = { regex: "^[^.]", message: "The browser loads what lies here: a path is needed." };
  const patterns = [...later, ...(room === "features" ? [other] : []), bare];
  return {
    files: [`static/js/${room}/**/*.js`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

export default [
  js.configs.recommended,
  { rules: STYLE, linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["static/js/**/*.js"],
    rules: { "max-lines": ["error", 250], "no-console": "error" },
  },
  {
    files: ["static/js/**/*.js"],
    ignores: [...PURE, "static/js/api/**/*.js"],
    languageOptions: { globals: globals.browser },
  },
  { files: ["static/js/api/**/*.js"], languageOptions: { globals: globals["shared-node-browser"] } },
  ...ROOMS.map(order),
  { files: ["tests/js/**/*.js"], languageOptions: { globals: globals.node } },
];
