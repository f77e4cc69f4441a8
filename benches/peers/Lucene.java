// Lucene with CJKAnalyzer (pairs of Han) and its own BM25: no stop words, one writer thread, text stored.
//
//     java -cp JARS benches/peers/Lucene.java index PASSAGES.tsv DIR
//     java -cp JARS benches/peers/Lucene.java query DIR QUERIES.tsv
//
// The protocol is that of README.md beside this file. Compiles with Lucene 8 and 9.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

public class Lucene {
  static final int IDS_MAX = 10;
  // The compiler of the running program needs more than one round.
  static final int WARM_ROUNDS = 5;

  final Analyzer analyzer = new CJKAnalyzer(CharArraySet.EMPTY_SET);

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 3 && arguments[0].equals("index")) {
      new Lucene().index(Path.of(arguments[1]), Path.of(arguments[2]));
    } else if (arguments.length == 3 && arguments[0].equals("query")) {
      new Lucene().query(Path.of(arguments[1]), Path.of(arguments[2]));
    } else {
      System.err.println("usage: Lucene index PASSAGES.tsv DIR | Lucene query DIR QUERIES.tsv");
      System.exit(2);
    }
  }

  static String normal(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  void index(Path passages, Path folder) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setRAMBufferSizeMB(256);
    try (IndexWriter writer = new IndexWriter(FSDirectory.open(folder), config);
        BufferedReader lines = Files.newBufferedReader(passages, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int tab = line.indexOf('\t');
        Document document = new Document();
        document.add(new StringField("id", line.substring(0, tab), Field.Store.YES));
        document.add(new TextField("text", normal(line.substring(tab + 1).replace('\t', '\n')), Field.Store.YES));
        writer.addDocument(document);
      }
    }
  }

  void query(Path folder, Path queries) throws IOException {
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(FSDirectory.open(folder)));
    List<String[]> asked = new ArrayList<>();
    for (String line : Files.readAllLines(queries, StandardCharsets.UTF_8)) {
      asked.add(line.split("\t", -1));
    }
    for (int round = 0; round < WARM_ROUNDS; round++) {
      for (String[] fields : asked) {
        if (!fields[0].equals("find")) {
          answer(searcher, fields);
        }
      }
    }
    var threads = ManagementFactory.getThreadMXBean();
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String[] fields : asked) {
      long started = System.nanoTime();
      long cpu = threads.getCurrentThreadCpuTime();
      String answered = answer(searcher, fields);
      double cpuMs = (threads.getCurrentThreadCpuTime() - cpu) / 1e6;
      double wallMs = (System.nanoTime() - started) / 1e6;
      out.printf(Locale.ROOT, "%s\t%.4f\t%.4f\t%s\n", fields[1], cpuMs, wallMs, answered);
    }
    out.flush();
  }

  /** The total, empty where it was not asked, and the ids, each after a tab. */
  String answer(IndexSearcher searcher, String[] fields) throws IOException {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    if (fields[0].equals("any")) {
      for (String token : tokens(fields[2])) {
        builder.add(new TermQuery(new Term("text", token)), Occur.SHOULD);
      }
    } else {
      for (String item : Arrays.asList(fields).subList(2, fields.length)) {
        Query phrase = new QueryBuilder(analyzer).createPhraseQuery("text", normal(item));
        if (phrase != null) {
          builder.add(phrase, Occur.MUST);
        }
      }
    }
    Query query = builder.build();
    boolean counted = fields[0].equals("all");
    int most = fields[0].equals("find") ? Math.max(1, searcher.getIndexReader().maxDoc()) : IDS_MAX;
    TopDocs found;
    if (counted) {
      TopScoreDocCollector collector = TopScoreDocCollector.create(most, Integer.MAX_VALUE);
      searcher.search(query, collector);
      found = collector.topDocs();
    } else {
      found = searcher.search(query, most);
    }
    StringBuilder answer = new StringBuilder();
    if (counted) {
      answer.append(found.totalHits.value);
    }
    for (ScoreDoc hit : found.scoreDocs) {
      answer.append('\t').append(searcher.doc(hit.doc).get("id"));
    }
    return answer.toString();
  }

  Set<String> tokens(String text) throws IOException {
    Set<String> tokens = new LinkedHashSet<>();
    try (TokenStream stream = analyzer.tokenStream("text", normal(text))) {
      CharTermAttribute token = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        tokens.add(token.toString());
      }
      stream.end();
    }
    return tokens;
  }
}
