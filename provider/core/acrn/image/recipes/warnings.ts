/** Is this a line in which a build warns? gcc and make say `warning:`, ACRN's config tools `WARNING` [misc/config_tools/scenario_config/validator.py]. */
export function isWarning(line: string): boolean {
  return /\bwarning:/i.test(line) || /\bWARNING\b/.test(line);
}
