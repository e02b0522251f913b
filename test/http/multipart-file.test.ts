import { describe, it } from "vitest";
import { openMultipartFile } from "../../src/http/multipart-file.ts";

const BOUNDARY = "boundary";

/** The name of a form's one file, with the given parameters behind `form-data`. */
async function fileNameOf(parameters: string): Promise<string | null> {
  const form = [
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; ${parameters}`,
    "",
    "x",
    `--${BOUNDARY}--`,
    "",
  ];
  const body = new Blob([form.join("\r\n")]);
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  return (await openMultipartFile(body.stream(), type, body.size)).fileName;
}

describe("the name of an uploaded file", () => {
  it.for([
    ['name="file"; filename="bill.pdf"', "bill.pdf", "a browser"],
    ['name="file"; filename="5%22 50%.pdf"', '5" 50%.pdf', "a browser, with a quotation mark in it"],
    ['name="file"; filename="счёт.pdf"', "счёт.pdf", "a browser, beyond ASCII"],
    ["name=file; filename=bill.pdf; filename*=utf-8''bill.pdf", "bill.pdf", ".NET"],
    [
      "name=file; filename=\"????.pdf\"; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82.pdf",
      "счёт.pdf",
      ".NET, beyond ASCII",
    ],
    [
      "name=\"file\"; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82.pdf",
      "счёт.pdf",
      "Python's requests, beyond ASCII",
    ],
    ['name="file"; filename="bill.pdf"; filename*=utf-8\'\'%D1', "bill.pdf", "a broken encoding"],
    ['name="file"; filename=""', null, "an empty name"],
    ['name="file"', null, "no name"],
  ] as const)("%s is read as %s (%s)", async ([parameters, fileName], { expect }) => {
    expect(await fileNameOf(parameters)).toBe(fileName);
  });
});
