import "./gated-fetch.ts";
import { beforeEach } from "vitest";
import { beginTest } from "./test-time.ts";

beforeEach(beginTest);
