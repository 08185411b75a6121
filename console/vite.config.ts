import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `make serve` and `make demo` listen.
const server = "127.0.0.1:8600";

/**
 * The big libraries get chunks of their own: they change only with the lock, so a browser keeps them across
 * releases, and a screen without charts never loads the chart library. React comes first: a library's chunk
 * takes along whatever the library imports, unless an earlier group has it. antd is cut by which screens use a
 * part of it, so that sign-in does not carry what only the screens behind it need.
 */
const byScreen = { entriesAware: true, entriesAwareMergeThreshold: 20_000 };
const chunks = [
  { name: "react", test: /node_modules\/(react|react-dom|scheduler|@tanstack)\//, priority: 30 },
  { name: "echarts", test: /node_modules\/(echarts|zrender)\//, priority: 20 },
  { name: "antd", test: /node_modules\/(antd|@ant-design|@rc-component|dayjs)\//, priority: 10, ...byScreen },
];

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/huiyin/web/static",
    emptyOutDir: true,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": `http://${server}`,
      "/ws": { target: `ws://${server}`, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
