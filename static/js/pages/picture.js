import "../features/picture/page.js";
