import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `make serve` and `make demo` listen.
const server = "127.0.0.1:8600";

/**
 * Give the two big libraries chunks of their own: they change only with the lock, so a browser keeps them
 * across releases, and a screen without charts never loads the chart library.
 */
function chunkOf(id: string): string | undefined {
  if (/node_modules\/(echarts|zrender)\//.test(id)) return "echarts";
  if (/node_modules\/(antd|@ant-design|@rc-component|rc-[a-z-]+|dayjs)\//.test(id)) return "antd";
  if (/node_modules\//.test(id)) return "vendor";
  return undefined;
}

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/huiyin/web/static",
    emptyOutDir: true,
    // antd is one chunk on purpose; the default limit would warn about it at every build.
    chunkSizeWarningLimit: 1600,
    rollupOptions: { output: { manualChunks: chunkOf } },
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
