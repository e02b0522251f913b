import { serveCarefully } from "./careful-app.ts";
import { storeText } from "./store-text.ts";

serveCarefully(storeText);
