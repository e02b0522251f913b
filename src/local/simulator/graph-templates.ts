import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import type { Fields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal } from "./graph-errors.ts";
import { requireWaba } from "./graph-nodes.ts";
import {
  createTemplate,
  editTemplate,
  findTemplate,
  type SimulatedTemplate,
  sendTemplateWebhook,
  templatesOf,
} from "./templates.ts";

const DEFAULT_LIMIT = 25;

/** Lists, creates, changes and deletes a WABA's message templates. Mounted before the routes of other objects. */
export function templateRoutes(sim: Simulation): Hono<GraphEnv> {
  const { world } = sim;
  return new Hono<GraphEnv>()
    .get("/:id/message_templates", (c) => {
      const { id: wabaId } = requireWaba(world, c.req.param("id"), "message_templates");
      const { name, status, limit, after } = c.req.query();
      const all = templatesOf(world, wabaId).filter(
        (template) => (!name || template.name.startsWith(name)) && (!status || template.status === status),
      );
      const from = after ? Number(Buffer.from(after, "base64url").toString()) : 0;
      const to = from + (Number(limit) || DEFAULT_LIMIT);
      const cursor = (index: number) => Buffer.from(String(index)).toString("base64url");
      const next = to < all.length && {
        next: `https://graph.facebook.com/v25.0/${wabaId}?after=${cursor(to)}`,
      };
      const paging = { cursors: { before: cursor(from), after: cursor(to) }, ...next };
      return c.json({ data: all.slice(from, to).map(toGraphTemplate), paging });
    })
    .post("/:id/message_templates", (c) => {
      const { id: wabaId } = requireWaba(world, c.req.param("id"), "message_templates");
      const { id, status, category } = createTemplate(world, wabaId, c.get("call").body);
      return c.json({ id, status, category });
    })
    .delete("/:id/message_templates", (c) => {
      const { id: wabaId } = requireWaba(world, c.req.param("id"), "message_templates");
      const { name, hsm_id } = c.req.query();
      const deleted = world.journal
        .all("template")
        .filter((row) => row.wabaId === wabaId && row.name === name && (!hsm_id || row.id === hsm_id));
      if (deleted.length === 0) throw new GraphRefusal(100, "Message template not found.", 2593002);
      for (const template of deleted) {
        world.journal.remove("template", template.id);
        void sendTemplateWebhook(sim, template, "message_template_status_update", {
          event: "DELETED",
          reason: "NONE",
        });
      }
      return c.json({ success: true });
    })
    .get("/:id", (c, next) => {
      const template = findTemplate(world, c.req.param("id"));
      return template ? Promise.resolve(c.json(toGraphTemplate(template))) : next();
    })
    .post("/:id", (c, next) => {
      const template = findTemplate(world, c.req.param("id"));
      if (!template) return next();
      editTemplate(world, template, c.get("call").body);
      return Promise.resolve(c.json({ success: true }));
    });
}

function toGraphTemplate({
  parameterFormat,
  quality,
  rejectedReason,
  wabaId: _,
  ...rest
}: SimulatedTemplate): Fields {
  return {
    ...rest,
    parameter_format: parameterFormat,
    quality_score: { score: quality, date: 1_750_000_000 },
    rejected_reason: rejectedReason,
  };
}
