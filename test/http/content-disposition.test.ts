import { describe, it } from "vitest";
import { contentDisposition } from "../../src/http/content-disposition.ts";

describe("the name that a file is saved under", () => {
  it.for([
    [null, "attachment"],
    ["", "attachment"],
    ["report.pdf", 'attachment; filename="report.pdf"'],
    ["price list.pdf", 'attachment; filename="price list.pdf"'],
    ["../../etc/passwd", 'attachment; filename="passwd"'],
    ["C:\\temp\\evil.exe", 'attachment; filename="evil.exe"'],
    ["a\r\nset-cookie: x=1.pdf", 'attachment; filename="aset-cookie: x=1.pdf"'],
    [".htaccess", 'attachment; filename="htaccess"'],
    ["   ...   ", "attachment"],
    ["a\u0000b.png", 'attachment; filename="ab.png"'],
    // It would be shown as "invoiceexe.pdf".
    ["invoice\u202efdp.exe", 'attachment; filename="invoicefdp.exe"'],
    ['a"b.pdf', "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf"],
    ["100%.pdf", "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"],
    ["счёт.pdf", "attachment; filename=\"____.pdf\"; filename*=UTF-8''%D1%81%D1%87%D1%91%D1%82.pdf"],
    ["it's (1).pdf", `attachment; filename="it's (1).pdf"`],
    ["ü'(1)*.pdf", "attachment; filename=\"_'(1)*.pdf\"; filename*=UTF-8''%C3%BC%27%281%29%2A.pdf"],
    ["\ud800.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%EF%BF%BD.pdf"],
  ] as const)("%j becomes %s", ([name, header], { expect }) => {
    expect(contentDisposition("attachment", name)).toBe(header);
    expect(new Headers({ "content-disposition": header }).get("content-disposition")).toBe(header);
  });

  it("keeps its ending when it is too long", ({ expect }) => {
    const header = contentDisposition("inline", `${"a".repeat(1_000)}.png`);
    expect(header).toMatch(/^inline; filename="a{146}\.png"$/);
  });
});
