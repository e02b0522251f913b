import { steadyRate } from "../load/steady-rate.ts";
import { textWebhooks } from "../load/webhooks.ts";
import { residentMb } from "../measure/cpu.ts";
import { FIRST_PHONE } from "../settings.ts";
import { atMost, figureOf, median } from "../statistics.ts";
import { type TestBed, withTestBed } from "../systems/test-bed.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";

const MINUTES = 30;
const QUICK_MINUTES = 2;
const PER_SECOND = 50;
const CUSTOMERS = 1_000;

/** Runs only when named, since it takes half an hour. */
export const memory: Workload = {
  name: "memory",
  about: `workerd's resident memory over ${MINUTES} minutes at ${PER_SECOND} webhooks per second (--quick: ${QUICK_MINUTES} minutes).`,
  run: (options) => withTestBed({ peers: [] }, (testBed) => measure(testBed, options)),
};

/** Compares the last third with the middle third, because caches and heaps grow at first without a leak. */
async function measure({ systems }: TestBed, { quick, log }: WorkloadOptions): Promise<Figure[]> {
  const [product] = systems;
  if (!product) throw new Error("The product is not running.");
  const minutes = quick ? QUICK_MINUTES : MINUTES;
  const samplesMb: number[] = [];
  let refused = 0;
  for (let slice = 0; slice < minutes * 6; slice++) {
    const requests = textWebhooks(PER_SECOND * 10, FIRST_PHONE, CUSTOMERS).webhooks.map(
      ({ request }) => request,
    );
    refused += await steadyRate(product.port, PER_SECOND, requests);
    samplesMb.push(await residentMb(product.pid));
    if (slice % 30 === 0)
      log(`  after ${Math.round(slice / 6)} minutes: ${Math.round(samplesMb.at(-1) ?? 0)} MB`);
  }
  const third = Math.floor(samplesMb.length / 3);
  const growth = median(samplesMb.slice(-third)) / median(samplesMb.slice(third, 2 * third));
  return [
    figureOf([growth], {
      id: "memory-growth",
      label: `resident memory over ${minutes} minutes, last third ÷ middle third`,
      unit: "×",
      // After two minutes the heap still grows to its normal size.
      ...(!quick && { target: atMost(1.05) }),
      note: `${Math.round(median(samplesMb.slice(-third)))} MB in the last third; ${refused} webhooks refused`,
      raw: samplesMb,
    }),
  ];
}
