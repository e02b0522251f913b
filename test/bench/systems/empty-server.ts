import { createServer } from "node:http";
import { listen } from "./listening.ts";

listen(createServer((_request, response) => response.end("OK")));
