import "../features/course/page.js";
