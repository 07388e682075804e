// Loads a workbook with SheetJS and saves it again: node sheetjs_save.js FROM.xlsx TO.xlsx
const sheetjs = require("xlsx");

const [source, target] = process.argv.slice(2);
const looks = { cellStyles: true, cellNF: true, sheetStubs: true }; // keep what it can keep
sheetjs.writeFile(sheetjs.readFile(source, looks), target, { cellStyles: true, compression: true });
