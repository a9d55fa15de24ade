package xyz.openledger.cluster.member;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.japi.function.Function;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.actors.member.Member;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/** What there is to say about files and batches. */
record FileAnswers(Member member) implements FilesApi {

  @Override
  public CompletionStage<StoredFile> keep(StoredFile file) {
    return ask(replyTo -> new FilesMessage.Keep(file, replyTo))
        .thenApply(answer -> Objects.requireNonNull(answer.file()));
  }

  @Override
  public CompletionStage<String> delete(TenantId tenant, String file) {
    return ask(replyTo -> new FilesMessage.Delete(file, tenant, replyTo)).thenApply(_ -> file);
  }

  @Override
  public CompletionStage<FilesMessage.Shown> of(TenantId tenant) {
    return pages(
        left ->
            new Ask(member.system())
                .of(
                    member.files(),
                    replyTo ->
                        new FilesMessage.Show(
                            tenant, left.filesLeft(), left.batchesLeft(), replyTo)),
        START);
  }

  private static final FilesMessage.Shown START =
      new FilesMessage.Shown(List.of(), List.of(), FilesMessage.ALL, FilesMessage.ALL);

  /** Asks until there is no more; each page holds one at least. */
  private static CompletionStage<FilesMessage.Shown> pages(
      java.util.function.Function<FilesMessage.Shown, CompletionStage<FilesMessage.Shown>> ask,
      FilesMessage.Shown before) {
    return ask.apply(before)
        .thenCompose(
            page -> {
              FilesMessage.Shown all = page.after(before);
              return all.isAll() ? CompletableFuture.completedStage(all) : pages(ask, all);
            });
  }

  @Override
  public CompletionStage<StoredBatch> begin(StoredBatch batch) {
    return batch(replyTo -> new FilesMessage.Begin(batch, replyTo));
  }

  @Override
  public CompletionStage<StoredBatch> cancel(TenantId tenant, String batch) {
    return batch(replyTo -> new FilesMessage.Cancel(batch, tenant, replyTo));
  }

  @Override
  public CompletionStage<StoredBatch> end(String batch, StoredBatch.End end) {
    return batch(replyTo -> new FilesMessage.End(batch, end, replyTo));
  }

  @Override
  public CompletionStage<List<StoredBatch>> going() {
    return going(
        left ->
            new Ask(member.system())
                .of(
                    member.files(),
                    replyTo -> new FilesMessage.ShowGoing(left.batchesLeft(), replyTo)));
  }

  /** Oldest first: in this order they are begun. */
  static CompletionStage<List<StoredBatch>> going(
      java.util.function.Function<FilesMessage.Shown, CompletionStage<FilesMessage.Shown>> ask) {
    return pages(ask, START).thenApply(all -> all.batches().reversed());
  }

  private CompletionStage<StoredBatch> batch(
      Function<ActorRef<FilesMessage.Answer>, FilesMessage> question) {
    return ask(question).thenApply(answer -> Objects.requireNonNull(answer.batch()));
  }

  private CompletionStage<FilesMessage.Answer> ask(
      Function<ActorRef<FilesMessage.Answer>, FilesMessage> question) {
    return new Ask(member.system())
        .<FilesMessage, FilesMessage.Answer>of(member.files(), question)
        .thenApply(
            answer -> {
              Problem problem = answer.problem();
              if (problem != null) {
                throw new ProblemException(problem, answer.field(), answer.detail());
              }
              return answer;
            });
  }
}
