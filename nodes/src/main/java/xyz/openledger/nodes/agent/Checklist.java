package xyz.openledger.nodes.agent;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Set;
import xyz.openledger.nodes.session.SessionEnd;
import xyz.openledger.nodes.session.SessionEvent;
import xyz.openledger.protocol.session.Standing;

/** The way from a claim code to the first paid task, step by step, for whoever watches. */
final class Checklist {
  /** The steps. */
  enum Step {
    REACHED("reached"),
    BENCHMARKED("benchmarked"),
    ENROLLED("enrolled"),
    CHALLENGED("challenge verified"),
    READY("ready");

    private final String text;

    Step(String text) {
      this.text = text;
    }
  }

  private final PrintWriter out;
  private final Set<Step> done = EnumSet.noneOf(Step.class);
  private Standing.State said = Standing.State.JOINING;

  Checklist(PrintWriter out) {
    this.out = out;
  }

  /** A step is done; said once. */
  synchronized void done(Step step, String detail) {
    if (done.add(step)) {
      line("✓ " + step.text + (detail.isEmpty() ? "" : ": " + detail));
    }
  }

  /** Something else that a person should know. */
  synchronized void line(String text) {
    // The member's words may stand in it, and must not move this terminal's cursor.
    out.println(text.replaceAll("\\p{Cntrl}", "?"));
    out.flush();
  }

  /** What a session told. */
  void heard(SessionEvent event) {
    switch (event) {
      case SessionEvent.Welcomed(var standing, _) -> standing(standing);
      case SessionEvent.StandingChanged(var standing) -> standing(standing);
      case SessionEvent.Disconnected(var reason, var retry) ->
          line("… link lost: %s; next attempt in %d ms".formatted(reason, retry.toMillis()));
      case SessionEvent.Beat _ -> {}
    }
  }

  /** How it ended. */
  void ended(SessionEnd end) {
    line(
        switch (end) {
          case SessionEnd.Left _ -> "stopped";
          case SessionEnd.Refused(var problem, var detail) ->
              "✗ the member ended this node's session: " + problem.title() + ". " + detail;
          case SessionEnd.Failed(var detail) -> "✗ failed: " + detail;
        });
  }

  private synchronized void standing(Standing standing) {
    if (standing.state() == Standing.State.READY) {
      done(Step.CHALLENGED, "");
      done(Step.READY, "work will come as it comes; Ctrl-C stops, 'node leave' leaves for good");
    } else if (standing.state() != said) {
      line("… " + standing.state().text() + suffix(standing.detail()));
    }
    said = standing.state();
  }

  private static String suffix(String detail) {
    return detail.isEmpty() ? "" : ": " + detail;
  }
}
