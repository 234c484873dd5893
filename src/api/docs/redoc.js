Redoc.init("openapi.json", { theme: { spacing: { sectionVertical: 20 } } }, document.getElementById("redoc"));
