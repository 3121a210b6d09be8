/** [Malay, English]; a text without its other language does not compile. */
export type Texts = Record<string, readonly [ms: string, en: string]>;
