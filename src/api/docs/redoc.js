Redoc.init("openapi.json", { scrollYOffset: 50 }, document.getElementById("redoc"));
