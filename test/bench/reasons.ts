/**
 * Why a figure misses its target, by the figure's id: what was measured, not what is supposed. Shown beside the figure for as
 * long as it misses.
 */
export const reasons: Record<string, string> = {};
