import "../features/draw/page.js";
