/** The package's version; faces pass it and the provider compares (lifecycle/failures.ts). A test holds it against package.json. */
export const version = "0.1.0";
