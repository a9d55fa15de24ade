package xyz.openledger.nodes.worker;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import xyz.openledger.models.engine.TokenListener;

/**
 * The text of one answer on its way out. What the engine adds while an earlier part is being said
 * goes with the next one, so there are never more parts than listeners can take, and the engine
 * waits for none of them. It holds no more than the answer.
 */
final class GrowingText implements TokenListener {
  private final Executor sayer;
  private final Consumer<String> parts;
  private final StringBuilder unsaid = new StringBuilder();
  private boolean saying;

  GrowingText(Executor sayer, Consumer<String> parts) {
    this.sayer = sayer;
    this.parts = parts;
  }

  @Override
  public void onToken(int token, String text) {
    add(text);
  }

  @Override
  public void onRest(String text) {
    add(text);
  }

  private void add(String text) {
    synchronized (this) {
      unsaid.append(text);
      if (saying || unsaid.isEmpty()) {
        return;
      }
      saying = true;
    }
    sayer.execute(this::say);
  }

  private void say() {
    String part;
    synchronized (this) {
      part = unsaid.toString();
      unsaid.setLength(0);
      saying = false;
    }
    parts.accept(part);
  }
}
