import { startNeonEndpoint } from "../../../src/local/neon-endpoint.ts";
import { report } from "./listening.ts";

// A process of its own: in production it is Neon's machine that does this work.
const { port } = await startNeonEndpoint({ port: 0, postgresPort: Number(process.env.POSTGRES_PORT) });
report(port);
