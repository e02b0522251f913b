import { endWhatIsLeft } from "./shared-runtime.ts";

await endWhatIsLeft();
