/**
 * What else bounds or moves the GPU's frequency, and only a firmware's menu sets (reference, section 10; ACRN's rt_industry_ubuntu.rst, v2.0 to
 * 2.3). Menus differ, so these are said and not looked for. One sentence: a state holds it twice.
 */
export const BIOS_NOTES: readonly string[] = [
  "In the BIOS only, not settable by software: GT RC6 off, GT frequency lowest, graphics low-power mode off, SA GV fixed high, " +
    "DVMT pre-allocated 64M, the cache ways of the GPU (GT way mask, TCC)",
];
