package xyz.openledger.cluster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

@Command(
    name = "chat",
    description = "Asks a model of the network, by the API that OpenAI clients use.",
    footer = {
      "",
      "The answer is printed once its policy's verification has accepted it.",
      "",
      "Example: openledger chat tiny:pirate \"What is a pool?\" --policy most-reliable"
    })
final class ChatCommand implements Callable<Integer> {
  @Mixin Member member;

  @Parameters(index = "0", paramLabel = "MODEL", description = "base, or base:adapter")
  String model = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "the question")
  List<String> text = List.of();

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "of the gallery, such as most-reliable (default adaptive)")
  @Nullable String policy;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "the most tokens of the answer (default 64)")
  int tokensMax;

  ChatCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    JsonNode answer = answer();
    JsonNode network = answer.path("openledger");
    member.print(answer, () -> answer.at("/choices/0/message/content").asText("").strip() + "\n");
    if (!member.json()) {
      member
          .shell()
          .note(
              "%d agreed, bit for bit; paid %s; %s"
                  .formatted(
                      network.path("agreeing").asInt(),
                      Money.text(Long.parseLong(network.path("paidNanoOpen").asText("0"))),
                      network.path("job").asText()));
    }
    return ExitCode.OK;
  }

  private JsonNode answer() {
    try {
      return member.client().models().chat(model, String.join(" ", text), tokensMax, policy);
    } catch (ProblemException refused) {
      if (refused.problem() == Problem.NOT_FOUND) {
        throw CommandFailure.failed(refused.detail(), "openledger model list");
      }
      throw refused;
    }
  }
}
