package xyz.openledger.protocol.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An answer arrived that a member would not give: another program listens there, or a bug. */
public final class MalformedAnswer extends ClientException {
  @Serial private static final long serialVersionUID = 1;

  MalformedAnswer(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
