package xyz.openledger.nodes.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentMainTest {
  @ParameterizedTest
  @ValueSource(strings = {"join", "run", "leave", "status", "unit"})
  void everyCommandExplainsItself(String command) {
    var out = new StringWriter();
    var agent =
        AgentMain.command(UnaryOperator.identity())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out));

    int exitCode = agent.execute(command, "--help");

    assertThat(out.toString()).startsWith("Usage: openledger node " + command);
    assertThat(exitCode).isZero();
  }
}
