import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `make serve` and `make demo` listen.
const server = "127.0.0.1:8600";

/**
 * The big libraries get chunks of their own: they change only with the lock, so a browser keeps them across
 * releases, and a screen without charts never loads the chart library. React comes first: a library's chunk
 * takes along whatever the library imports, unless an earlier group has it.
 */
const chunks = [
  { name: "react", test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack)\//, priority: 30 },
  { name: "echarts", test: /node_modules\/(echarts|zrender)\//, priority: 20 },
  { name: "antd", test: /node_modules\/(antd|@ant-design|@rc-component|dayjs)\//, priority: 10 },
];

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/huiyin/web/static",
    emptyOutDir: true,
    // antd is one chunk on purpose; the default limit would warn about it at every build.
    chunkSizeWarningLimit: 1600,
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
