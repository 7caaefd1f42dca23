/** What a command printed, line by line. */

/** Lines without their ends; empty ones are left out. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
