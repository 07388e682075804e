// Loads a workbook with exceljs and saves it again: node exceljs_save.js FROM.xlsx TO.xlsx
const { Workbook } = require("exceljs");

const [source, target] = process.argv.slice(2);
const book = new Workbook();
book.xlsx
  .readFile(source)
  .then(() => book.xlsx.writeFile(target))
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
