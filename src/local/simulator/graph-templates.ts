import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import type { Fields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal } from "./graph-errors.ts";
import { pick, requireWaba } from "./graph-nodes.ts";
import { pageOf } from "./graph-pages.ts";
import {
  createTemplate,
  editTemplate,
  findTemplate,
  type SimulatedTemplate,
  sendTemplateWebhook,
  templatesOf,
} from "./templates.ts";

/** Lists, creates, changes and deletes a WABA's message templates. Mounted before the routes of other objects. */
export function templateRoutes(sim: Simulation): Hono<GraphEnv> {
  const { world } = sim;
  return new Hono<GraphEnv>()
    .get("/:id/message_templates", (c) => {
      const { id: wabaId } = requireWaba(world, c.req.param("id"), "message_templates");
      const fields = c.req.query("fields");
      const listed = templatesOf(world, wabaId).filter(filterOf(c.get("call").body));
      return c.json(
        pageOf(
          c,
          listed.map((template) => pickTemplate(template, fields)),
        ),
      );
    })
    .post("/:id/message_templates", (c) => {
      const { id: wabaId } = requireWaba(world, c.req.param("id"), "message_templates");
      const { id, status, category } = createTemplate(world, wabaId, c.get("call").body);
      return c.json({ id, status, category });
    })
    .delete("/:id/message_templates", (c) => {
      const { id: wabaId } = requireWaba(world, c.req.param("id"), "message_templates");
      const { name, hsm_id } = c.get("call").body;
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
      if (!template) return next();
      return Promise.resolve(c.json(pickTemplate(template, c.req.query("fields"))));
    })
    .post("/:id", (c, next) => {
      const template = findTemplate(world, c.req.param("id"));
      if (!template) return next();
      editTemplate(world, template, c.get("call").body);
      return Promise.resolve(c.json({ success: true }));
    });
}

/** The filters of the list; each takes one value or a JSON list of them, in any case. */
function filterOf(params: Fields): (template: SimulatedTemplate) => boolean {
  const isAmong = (name: string, value: string) => {
    const given = params[name];
    if (given === undefined || given === "") return true;
    const wanted = (Array.isArray(given) ? given : [given]).map((one) => String(one).toLowerCase());
    return wanted.includes(value.toLowerCase());
  };
  const { name, name_or_content, content } = params;
  return (template) => {
    const text = JSON.stringify(template.components).toLowerCase();
    const contains = (part: unknown) => text.includes(String(part).toLowerCase());
    return (
      (!name || template.name.startsWith(String(name))) &&
      (!content || contains(content)) &&
      (!name_or_content || template.name.includes(String(name_or_content)) || contains(name_or_content)) &&
      isAmong("status", template.status) &&
      isAmong("category", template.category) &&
      isAmong("language", template.language) &&
      isAmong("quality_score", template.quality)
    );
  };
}

function pickTemplate(template: SimulatedTemplate, fields: string | undefined): Fields {
  const node = toGraphTemplate(template);
  return fields === undefined ? node : pick(node, fields, "MessageTemplate");
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
