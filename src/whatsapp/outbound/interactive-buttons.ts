import type { z } from "zod";
import { address, atMost, differ, listOf, metas, oneOf, only, some, words } from "./checks.ts";
import { action, body, bodyOf, footer, header, textHeader } from "./interactive-parts.ts";
import {
  BUTTON_ID_LENGTH,
  BUTTON_TITLE_LENGTH,
  FLOW_CTA_LENGTH,
  LIST_BODY_LENGTH,
  LIST_ROWS,
  REPLY_BUTTONS,
  ROW_DESCRIPTION_LENGTH,
  ROW_ID_LENGTH,
  ROW_TITLE_LENGTH,
  SECTION_TITLE_LENGTH,
  SECTIONS,
} from "./limits.ts";

// What a customer answers with a tap: buttons, a list, a link, a form.

const framed = { header: header.optional(), body, footer };

const reply = metas(
  { id: words(BUTTON_ID_LENGTH, "The id of a button"), title: words(BUTTON_TITLE_LENGTH, "A button title") },
  "A reply button",
);
const replyButton = metas({ type: oneOf(["reply"], "The type of a button"), reply }, "A button");

const replyButtons = listOf(replyButton, "A message", "buttons", { min: 1, max: REPLY_BUTTONS })
  .refine((buttons) => differ(buttons.map(({ reply }) => reply.id)), "The ids of buttons must differ.")
  .refine((buttons) => differ(buttons.map(({ reply }) => reply.title)), "The titles of buttons must differ.");

export const buttons = metas(
  { type: only("button"), ...framed, action: metas({ buttons: replyButtons }, "The action") },
  "An interactive message",
);

const row = metas(
  {
    id: words(ROW_ID_LENGTH, "The id of a row"),
    title: words(ROW_TITLE_LENGTH, "The title of a row"),
    description: atMost(ROW_DESCRIPTION_LENGTH, "The description of a row").optional(),
  },
  "A row",
);

export const sectionTitle = atMost(SECTION_TITLE_LENGTH, "The title of a section").optional();

/** Of several sections each has a title, or the customer could not tell them apart. */
export function titled(sections: { title?: string | undefined }[]): boolean {
  return sections.length < 2 || sections.every(({ title }) => title !== undefined && title.trim() !== "");
}

const section = metas(
  { title: sectionTitle, rows: listOf(row, "A section", "rows", { min: 1, max: LIST_ROWS }) },
  "A section",
);

const sections = listOf(section, "A list", "sections", { min: 1, max: SECTIONS })
  .refine(titled, "Of several sections each must have a title.")
  .refine((all) => countOf(all) <= LIST_ROWS, {
    error: ({ input }) =>
      `A list has at most ${LIST_ROWS} rows; this one has ${countOf(input as z.infer<typeof section>[])}.`,
  })
  .refine(
    (all) => differ(all.flatMap(({ rows }) => rows.map(({ id }) => id))),
    "The ids of rows must differ.",
  );

export const list = metas(
  {
    type: only("list"),
    header: textHeader.optional(),
    body: bodyOf(LIST_BODY_LENGTH),
    footer,
    action: metas({ button: words(BUTTON_TITLE_LENGTH, "The label of the list"), sections }, "The action"),
  },
  "An interactive message",
);

export const linkParameters = metas(
  {
    display_text: words(BUTTON_TITLE_LENGTH, "The label of a link"),
    url: address("https?", "The url of a link"),
  },
  "The parameters",
);

export const link = metas(
  { type: only("cta_url"), ...framed, action: action("cta_url", { parameters: linkParameters }) },
  "An interactive message",
);

const flowParameters = metas(
  {
    flow_message_version: oneOf(["3"], "flow_message_version"),
    flow_id: some("The id of a flow").optional(),
    flow_name: some("The name of a flow").optional(),
    flow_cta: words(FLOW_CTA_LENGTH, "The label of a flow"),
    flow_token: some("The token of a flow").optional(),
    mode: oneOf(["draft", "published"], "The mode of a flow").optional(),
    flow_action: oneOf(["navigate", "data_exchange"], "The action of a flow").optional(),
    flow_action_payload: metas({ screen: some("A screen").optional() }, "The payload of a flow").optional(),
  },
  "The parameters",
).refine(({ flow_id, flow_name }) => (flow_id === undefined) !== (flow_name === undefined), {
  error: "Give either flow_id or flow_name.",
  path: ["flow_id"],
});

export const flow = metas(
  { type: only("flow"), ...framed, action: action("flow", { parameters: flowParameters }) },
  "An interactive message",
);

function countOf(sections: z.infer<typeof section>[]): number {
  return sections.reduce((sum, { rows }) => sum + rows.length, 0);
}
