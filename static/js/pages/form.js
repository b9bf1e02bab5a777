import "../features/account/page.js";
