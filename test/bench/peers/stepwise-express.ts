import { serveCarefully } from "./careful-app.ts";
import { storeTextInSteps } from "./store-text-in-steps.ts";

serveCarefully(storeTextInSteps);
