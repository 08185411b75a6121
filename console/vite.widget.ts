/** The widget is one file, for pages of others: it is built after the console, beside it. */

import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../src/huiyin/web/static",
    emptyOutDir: false,
    target: "es2020",
    lib: { entry: "src/widget/main.ts", formats: ["iife"], name: "huiyin", fileName: () => "widget.js" },
  },
});
