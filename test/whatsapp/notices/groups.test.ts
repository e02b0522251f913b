import { describe, it } from "vitest";
import { parseAdminNotice } from "../../../src/whatsapp/notices/admin-notice.ts";

describe("a notice of a group", () => {
  it("says who came and went", ({ expect }) => {
    const people = [{ input: 79161234567, wa_id: 79161234567 }, { user_id: "RU.48151623420001" }];
    const groups = [
      { group_id: "g1", type: "group_participants_add", added_participants: people, timestamp: "1790000000" },
    ];
    expect(parseAdminNotice("group_participants_update", { groups })).toMatchObject({
      at: "2026-09-21T14:13:20.000Z",
      subject: { type: "group", groupId: "g1" },
      detail: {
        changes: [{ added: ["79161234567", "RU.48151623420001"], removed: [], failed: [], errors: [] }],
      },
    });
    expect(parseAdminNotice("group_participants_update", { groups: [] })).toBeNull();
    const left = [{ group_id: "g1", type: "group_create", removed_participants: people }];
    expect(parseAdminNotice("group_participants_update", { groups: left })?.title).toBe(
      "A WhatsApp group has lost members (79161234567, RU.48151623420001).",
    );
  });

  it("says of each of its settings whether it was changed", ({ expect }) => {
    const noticeOf = (more: object) =>
      parseAdminNotice("group_settings_update", {
        groups: [{ group_id: "g1", type: "group_settings_update", ...more }],
      });
    const errors = [{ code: 131201, title: "Invalid" }];
    const [set, refused] = [true, "false"].map((done) => ({ text: "Cakes", update_successful: done }));
    const refusal = { code: 131201, title: "Invalid", detail: null, href: null };
    expect(noticeOf({ group_subject: set, profile_picture: { errors } })).toMatchObject({
      severity: "warning",
      detail: { changes: [{ name: "Cakes", errors: [refusal] }] },
    });
    expect(noticeOf({ group_subject: { ...refused, errors } })).toMatchObject({
      severity: "warning",
      detail: { changes: [{ name: null, errors: [refusal] }] },
    });
    const picture = { mime_type: "image/jpeg", sha256: "c2hh" };
    for (const [more, title] of [
      [{ profile_picture: picture }, "A WhatsApp group has a new picture."],
      [{ group_subject: set }, 'A WhatsApp group "Cakes" has a new name.'],
      [
        { group_subject: set, group_description: { text: "All of us" }, profile_picture: picture },
        'A WhatsApp group "Cakes" has a new name, a new description and a new picture.',
      ],
      [{ group_subject: set, subject: "Cakes" }, 'A WhatsApp group "Cakes" has a new name.'],
      [
        { group_subject: set, profile_picture: { errors } },
        'A WhatsApp group "Cakes" has a new name, and could not change its picture: Invalid.',
      ],
      [
        { group_subject: refused, group_description: { ...refused, errors } },
        "A WhatsApp group could not change its name and description: Invalid.",
      ],
      [{ join_approval_mode: "auto_approve" }, "A WhatsApp group has a new rule for joining."],
      [{}, "A WhatsApp group has new settings."],
    ] as const)
      expect(noticeOf(more)?.title).toBe(title);
    expect(noticeOf({ subject: "Cakes", errors })).toMatchObject({
      title: "A WhatsApp group did not change as asked (group settings update): Invalid.",
      detail: { changes: [{ name: null }] },
    });
  });
});
