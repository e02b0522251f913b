import { startNeonEndpoint } from "../../../src/local/neon-endpoint.ts";
import { report } from "./listening.ts";

// A separate process: in production this work runs on Neon's machines.
const { port } = await startNeonEndpoint({ port: 0, postgresPort: Number(process.env.POSTGRES_PORT) });
report(port);
