import "swagger-ui-dist/swagger-ui.css";
// Loaded as it is: as a module it would share a chunk with the inbox.
import bundleUrl from "swagger-ui-dist/swagger-ui-bundle.js?url";

/** What Swagger UI's script defines. https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
declare const SwaggerUIBundle: (options: Record<string, unknown>) => object;

// The page of the API: Swagger UI, with the document of the Worker that serves it. It calls no other host.
const script = document.createElement("script");
script.src = bundleUrl;
script.addEventListener("load", () => {
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    filter: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    // Swagger's validator is a service on another host.
    validatorUrl: null,
    // `?url=` in the address must not show a foreign document as ours.
    queryConfigEnabled: false,
  });
});
document.head.append(script);
