/** What the bench is held against. */
export const PINS = { "ansible-core": "2.19.14", pyinfra: "3.10.0" } as const;
