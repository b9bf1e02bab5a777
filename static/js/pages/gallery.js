import "../features/gallery/page.js";
