import { randomInt } from "node:crypto";
import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import { type Fields, parseFields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal, noSuchObject } from "./graph-errors.ts";
import { pick, requireWaba } from "./graph-nodes.ts";
import { pageOf } from "./graph-pages.ts";

/** A form that customers fill in. */
export type SimulatedFlow = {
  id: string;
  wabaId: string;
  name: string;
  status: "DRAFT" | "PUBLISHED" | "DEPRECATED";
  categories: unknown;
  json: string | null;
};

const DEFAULT_FIELDS = "id,name,status,categories,validation_errors";

/** Creates, fills, publishes and removes flows. https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi */
export function flowRoutes({ world }: Simulation): Hono<GraphEnv> {
  const { journal } = world;
  const find = (id: string) => journal.get("flow", id);
  const save = (flow: SimulatedFlow) => journal.put("flow", flow.id, flow);
  const require = (id: string): SimulatedFlow => {
    const flow = find(id);
    if (!flow) throw noSuchObject(id, "post");
    return flow;
  };
  return new Hono<GraphEnv>()
    .get("/:id/flows", (c) => {
      const { id } = requireWaba(world, c.req.param("id"), "flows");
      const flows = journal.all("flow").filter((flow) => flow.wabaId === id);
      return c.json(
        pageOf(
          c,
          flows.map((flow) => flowData(flow, DEFAULT_FIELDS, originOf(c.req.url))),
        ),
      );
    })
    .post("/:id/flows", (c) => {
      const { id: wabaId } = requireWaba(world, c.req.param("id"));
      const { name, categories, flow_json, publish } = c.get("call").body;
      if (typeof name !== "string" || name === "")
        throw new GraphRefusal(100, { message: "(#100) The parameter name is required." });
      if (!Array.isArray(categories) || categories.length === 0)
        throw new GraphRefusal(100, { message: "(#100) The parameter categories is required." });
      const json = flow_json === undefined ? null : textOf(flow_json);
      const isPublished = String(publish) === "true" && json !== null;
      const id = String(randomInt(1e14, 2e14));
      save({ id, wabaId, name, status: isPublished ? "PUBLISHED" : "DRAFT", categories, json });
      return c.json({ id, success: true, validation_errors: errorsIn(json) });
    })
    .get("/:id/assets", (c) => {
      const { id } = require(c.req.param("id"));
      const download_url = `${originOf(c.req.url)}/flow_assets?id=${id}`;
      return c.json({ data: [{ name: "flow.json", asset_type: "FLOW_JSON", download_url }] });
    })
    .post("/:id/assets", async (c) => {
      const flow = require(c.req.param("id"));
      const form = await c.req.formData().catch(() => null);
      const file = form?.get("file");
      if (!(file instanceof File)) throw new GraphRefusal(100, { message: "(#100) Param file is required" });
      if (flow.status !== "DRAFT") throw new GraphRefusal(139001, "A published flow cannot be changed.");
      const json = await file.text();
      save({ ...flow, json });
      return c.json({ success: true, validation_errors: errorsIn(json) });
    })
    .post("/:id/publish", (c) => {
      const flow = require(c.req.param("id"));
      if (errorsIn(flow.json).length > 0 || flow.json === null)
        throw new GraphRefusal(139000, "The flow has validation errors.");
      save({ ...flow, status: "PUBLISHED" });
      return c.json({ success: true });
    })
    .post("/:id/deprecate", (c) => {
      save({ ...require(c.req.param("id")), status: "DEPRECATED" });
      return c.json({ success: true });
    })
    .get("/flow_assets", (c) => c.json(JSON.parse(require(c.req.query("id") ?? "").json ?? "{}")))
    .get("/:id", (c, next) => {
      const flow = find(c.req.param("id"));
      if (!flow) return next();
      const fields = c.req.query("fields") ?? DEFAULT_FIELDS;
      return Promise.resolve(c.json(flowData(flow, fields, originOf(c.req.url))));
    })
    .post("/:id", (c, next) => {
      const flow = find(c.req.param("id"));
      if (!flow) return next();
      const { name = flow.name, categories = flow.categories } = c.get("call").body;
      save({ ...flow, name: String(name), categories });
      return Promise.resolve(c.json({ success: true }));
    })
    .delete("/:id", (c, next) => {
      const flow = find(c.req.param("id"));
      if (!flow) return next();
      if (flow.status !== "DRAFT") throw new GraphRefusal(139003, "Only a draft can be deleted.");
      journal.remove("flow", flow.id);
      return Promise.resolve(c.json({ success: true }));
    });
}

function flowData(
  { id, name, status, categories, json }: SimulatedFlow,
  fields: string,
  origin: string,
): Fields {
  const preview = { preview_url: `${origin}/flow_assets?id=${id}`, expires_at: "2030-01-01T00:00:00+0000" };
  const node = {
    id,
    name,
    status,
    categories,
    validation_errors: errorsIn(json),
    preview,
    json_version: "7.1",
  };
  return pick(node, fields.replace(/\.\w+(\([^)]*\))?/g, ""), "Flow");
}

/** Only what is no JSON is an error here: the screens are not checked. */
function errorsIn(json: string | null): Fields[] {
  if (json === null || parseFields(json)) return [];
  return [{ error: "INVALID_JSON", error_type: "JSON_SCHEMA_ERROR", message: "The file is not valid JSON." }];
}

function textOf(flowJson: unknown): string {
  return typeof flowJson === "string" ? flowJson : JSON.stringify(flowJson);
}

function originOf(url: string): string {
  return new URL(url).origin;
}
