/** What acrnd starts a VM by at each of its own starts: `<vm>.sh`, with the words of `<vm>.args` (reference 1.4). */
const FOLDER = "/usr/share/acrn/conf/add";

export const autostartPath = (vm: string): string => `${FOLDER}/${vm}.sh`;
export const autostartArgs = (vm: string): string => `${FOLDER}/${vm}.args`;
