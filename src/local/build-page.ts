import { buildPage, PAGE_DIR } from "./page-build.ts";

await buildPage(PAGE_DIR);
