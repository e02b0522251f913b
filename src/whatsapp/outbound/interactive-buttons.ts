import type { z } from "zod";
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
} from "../limits.ts";
import {
  allDistinct,
  arrayOf,
  atMost,
  httpUrl,
  literal,
  metaObject,
  nonBlank,
  nonEmpty,
  oneOf,
} from "./checks.ts";
import { action, body, bodyOf, footer, header, textHeader } from "./interactive-parts.ts";

// What a customer answers with a tap: buttons, a list, a link, a form.

const framed = { header: header.optional(), body, footer };

const reply = metaObject(
  {
    id: nonBlank(BUTTON_ID_LENGTH, "The id of a button"),
    title: nonBlank(BUTTON_TITLE_LENGTH, "A button title"),
  },
  "A reply button",
);
const replyButton = metaObject({ type: oneOf(["reply"], "The type of a button"), reply }, "A button");

const replyButtons = arrayOf(replyButton, "A message", "buttons", { min: 1, max: REPLY_BUTTONS })
  .refine((buttons) => allDistinct(buttons.map(({ reply }) => reply.id)), "The ids of buttons must differ.")
  .refine(
    (buttons) => allDistinct(buttons.map(({ reply }) => reply.title)),
    "The titles of buttons must differ.",
  );

export const buttons = metaObject(
  { type: literal("button"), ...framed, action: metaObject({ buttons: replyButtons }, "The action") },
  "An interactive message",
);

const row = metaObject(
  {
    id: nonBlank(ROW_ID_LENGTH, "The id of a row"),
    title: nonBlank(ROW_TITLE_LENGTH, "The title of a row"),
    description: atMost(ROW_DESCRIPTION_LENGTH, "The description of a row").optional(),
  },
  "A row",
);

export const sectionTitle = atMost(SECTION_TITLE_LENGTH, "The title of a section").optional();

/** Each of several sections has a title, so that the customer can distinguish them. */
export function titled(sections: { title?: string | undefined }[]): boolean {
  return sections.length < 2 || sections.every(({ title }) => title !== undefined && title.trim() !== "");
}

const section = metaObject(
  { title: sectionTitle, rows: arrayOf(row, "A section", "rows", { min: 1, max: LIST_ROWS }) },
  "A section",
);

const sections = arrayOf(section, "A list", "sections", { min: 1, max: SECTIONS })
  .refine(titled, "Of several sections each must have a title.")
  .refine((all) => countOf(all) <= LIST_ROWS, {
    error: ({ input }) =>
      `A list has at most ${LIST_ROWS} rows; this one has ${countOf(input as z.infer<typeof section>[])}.`,
  })
  .refine(
    (all) => allDistinct(all.flatMap(({ rows }) => rows.map(({ id }) => id))),
    "The ids of rows must differ.",
  );

export const list = metaObject(
  {
    type: literal("list"),
    header: textHeader.optional(),
    body: bodyOf(LIST_BODY_LENGTH),
    footer,
    action: metaObject(
      { button: nonBlank(BUTTON_TITLE_LENGTH, "The label of the list"), sections },
      "The action",
    ),
  },
  "An interactive message",
);

export const linkParameters = metaObject(
  {
    display_text: nonBlank(BUTTON_TITLE_LENGTH, "The label of a link"),
    url: httpUrl("https?", "The url of a link"),
  },
  "The parameters",
).meta({ id: "LinkParameters" });

export const link = metaObject(
  { type: literal("cta_url"), ...framed, action: action("cta_url", { parameters: linkParameters }) },
  "An interactive message",
);

const flowParameters = metaObject(
  {
    flow_message_version: oneOf(["3"], "flow_message_version"),
    flow_id: nonEmpty("The id of a flow").optional(),
    flow_name: nonEmpty("The name of a flow").optional(),
    flow_cta: nonBlank(FLOW_CTA_LENGTH, "The label of a flow"),
    flow_token: nonEmpty("The token of a flow").optional(),
    mode: oneOf(["draft", "published"], "The mode of a flow").optional(),
    flow_action: oneOf(["navigate", "data_exchange"], "The action of a flow").optional(),
    flow_action_payload: metaObject(
      { screen: nonEmpty("A screen").optional() },
      "The payload of a flow",
    ).optional(),
  },
  "The parameters",
).refine(({ flow_id, flow_name }) => (flow_id === undefined) !== (flow_name === undefined), {
  error: "Give either flow_id or flow_name.",
  path: ["flow_id"],
});

export const flow = metaObject(
  { type: literal("flow"), ...framed, action: action("flow", { parameters: flowParameters }) },
  "An interactive message",
);

function countOf(sections: z.infer<typeof section>[]): number {
  return sections.reduce((sum, { rows }) => sum + rows.length, 0);
}
