import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import { changeSettings, savePreferences } from "../actions/change-settings.ts";
import { organizationOf, preferencesOf, roles } from "../db/agents.ts";
import { languageOf } from "../domain/check-texts.ts";
import { sendingProblemIn } from "../domain/notice-texts.ts";
import { AppError } from "../errors.ts";
import type { HttpEnv } from "./http-env.ts";
import { forAdmins, forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { id } from "./schemas.ts";

const PREFERENCES_CHARS = 8_192;

const settings = {
  replyTakesChat: z.boolean().meta({
    description: "Whether an agent's free reply in an unassigned chat of a customer assigns it to them.",
  }),
};

const problem = z
  .object({
    noticeId: id.meta({ description: "The alarm that says so, which admins can list." }),
    title: z.string(),
    why: z.string().nullable(),
    fix: z.string().nullable(),
    canReply: z.boolean().meta({ description: "Whether answers to customers within 24 hours still go out." }),
  })
  .nullable()
  .meta({ description: "Why it cannot send now, as far as is known; null when it can." });

const me = z
  .object({
    agent: z.object({ id, sub: z.string(), name: z.string(), role: z.enum(roles) }),
    organization: z.object({ id, name: z.string(), ...settings }),
    phones: z.array(
      z.object({ id, name: z.string(), phoneNumber: z.string(), isConnected: z.boolean(), problem }),
    ),
  })
  .meta({ id: "Me" });

const preferences = z
  .record(z.string().max(100), z.unknown())
  .refine(
    (value) => JSON.stringify(value).length <= PREFERENCES_CHARS,
    `at most ${PREFERENCES_CHARS} characters`,
  )
  .refine((value) => !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)), "no U+0000 and no lone surrogates")
  .meta({
    id: "Preferences",
    description: "Any JSON object of the page's own.",
    examples: [{ theme: "dark" }],
  });

const settingsPatch = z.strictObject(settings).meta({ id: "SettingsPatch" });

const getMe = createRoute({
  method: "get",
  path: "/",
  operationId: "getMe",
  summary: "Read who I am, and my organization",
  description:
    "With the names of its phones, which an agent may see, and why one cannot send. Texts follow Accept-Language (en, ru).",
  ...forAgents,
  responses: { 200: json("The agent and the organization.", me), ...problemResponses() },
});

const patchOrganization = createRoute({
  method: "patch",
  path: "/organization",
  operationId: "changeSettings",
  summary: "Change the organization's settings",
  description: "For admins.",
  ...forAdmins,
  request: { body: jsonBody(settingsPatch) },
  responses: { 200: json("The agent and the organization.", me), ...problemResponses() },
});

const getPreferences = createRoute({
  method: "get",
  path: "/preferences",
  operationId: "getPreferences",
  summary: "Read my preferences",
  description: "What `savePreferences` saved last; empty before that.",
  ...forAgents,
  responses: { 200: json("The preferences.", preferences), ...problemResponses() },
});

const putPreferences = createRoute({
  method: "put",
  path: "/preferences",
  operationId: "savePreferences",
  summary: "Save my preferences",
  description: "Replaces all of them. They follow the agent to other devices.",
  ...forAgents,
  request: { body: jsonBody(preferences) },
  responses: { 200: json("The preferences.", preferences), ...problemResponses() },
});

/** Mounted at `/api/waba/me`, behind `requireAgent`. */
export const meRoutes = newRouter()
  .openapi(getMe, async (c) => c.json(await readMe(c), 200))
  .openapi(patchOrganization, async (c) => {
    await changeSettings(c.var.ctx, c.req.valid("json"));
    return c.json(await readMe(c), 200);
  })
  .openapi(getPreferences, async (c) => {
    const { agent, db } = c.var.ctx;
    return c.json(preferences.parse(await preferencesOf(db, agent.id)), 200);
  })
  .openapi(putPreferences, async (c) => {
    const wanted = c.req.valid("json");
    await savePreferences(c.var.ctx, wanted);
    return c.json(wanted, 200);
  });

async function readMe(c: Context<HttpEnv>) {
  const { agent, db } = c.var.ctx;
  const { id, sub, name, role } = agent;
  const found = await organizationOf(db, agent.organizationId);
  // Removed a moment ago.
  if (!found) throw new AppError("forbidden", "No such organization.");
  const language = languageOf(c.req.header("accept-language"));
  const phones = found.phones.map(({ problem, ...phone }) => ({
    ...phone,
    problem: problem && { noticeId: problem.id, ...sendingProblemIn(problem, language) },
  }));
  return { agent: { id, sub, name, role }, organization: found.organization, phones };
}
