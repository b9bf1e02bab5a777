import "../features/explain/page.js";
