/** Keeps a broken screen from being a blank one. */

import { Component, type ReactNode } from "react";
import { Button } from "antd";
import { useWords } from "../i18n";
import { Nothing } from "../pieces/states";

export class Fence extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const words = useWords();
  return (
    <Nothing title={words("ui.crash")} detail={words("ui.crash.detail")}>
      <Button type="primary" onClick={() => location.reload()}>
        {words("ui.reload")}
      </Button>
    </Nothing>
  );
}
