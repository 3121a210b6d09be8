// All texts: key -> [Malay, English]. One file for each room of the console.
import { casework } from "./casework";
import { checking } from "./checking";
import { common } from "./common";
import { oversight } from "./oversight";
import { registers } from "./registers";

export const texts = { ...common, ...checking, ...casework, ...registers, ...oversight };
export type TextKey = keyof typeof texts;
