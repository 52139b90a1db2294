namespace Symbolic.Cli.Page;

/// <summary>How the page looks, by day and by night.</summary>
internal static class Style
{
    /// <summary>The style sheet.</summary>
    public const string Text = """

        :root { color-scheme: light dark; --ground: #fbfbf9; --card: #ffffff; --ink: #1d2430; --soft: #5b6574; --line: #e2e4e8; --blue: #2563a8; --orange: #b4531c; --faint: #b9c6d8; --bad: #b3261e; --good: #1f6f43; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171c; --card: #1c2027; --ink: #e6e9ee; --soft: #a0a9b6; --line: #323843; --blue: #7fb2ec; --orange: #eea06b; --faint: #3f4f66; --bad: #ff8f85; --good: #7fd0a3; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        header, main { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
        header { padding-top: 40px; }
        .brand { margin: 0; color: var(--blue); font-weight: 600; letter-spacing: .04em; }
        h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
        h2 { margin: 0 0 12px; font-size: 1.25rem; }
        h3 { margin: 16px 0 8px; font-size: 1rem; color: var(--soft); font-weight: 600; }
        .lead { color: var(--soft); max-width: 48em; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 24px; margin: 20px 0; }
        .headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0 0; }
        .headline div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 16px; }
        .headline dt { color: var(--soft); font-size: .85rem; }
        .headline dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 24px; }
        figure { margin: 0; }
        figcaption { font-weight: 600; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 4px 0; padding: 0; color: var(--soft); font-size: .85rem; min-height: 1.4em; }
        .key { display: inline-block; width: 18px; height: 3px; border-radius: 2px; margin-right: 6px; vertical-align: middle; background: currentColor; }
        .faint { color: var(--faint); } .train { color: var(--blue); } .test { color: var(--orange); }
        svg { width: 100%; height: auto; display: block; }
        polyline { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
        polyline.faint { stroke-width: 1; }
        circle { fill: currentColor; }
        .grid { stroke: var(--line); }
        .tick { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
        .net .tick { font-size: 11.5px; }
        .name { fill: var(--ink); font-size: 14px; font-weight: 600; }
        .block { fill: color-mix(in srgb, var(--blue) 22%, var(--card)); stroke: var(--blue); stroke-width: .8; }
        .arrow { fill: none; stroke: var(--soft); stroke-width: 1.5; }
        .wide { overflow-x: auto; }
        summary { cursor: pointer; color: var(--blue); }
        pre { font: 13px/1.45 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto; }
        .digits { list-style: none; display: flex; flex-wrap: wrap; gap: 10px; margin: 0; padding: 0; }
        .digits li { width: 74px; padding: 6px; border: 1px solid var(--line); border-radius: 8px; text-align: center; font-size: .82rem; line-height: 1.25; }
        .digits img { display: block; margin: 0 auto 4px; image-rendering: pixelated; border-radius: 4px; }
        .digits span { display: block; font-variant-numeric: tabular-nums; }
        .digits .sure { color: var(--soft); }
        .wrong { border-color: var(--bad) !important; color: var(--bad); } .wrong span::before { content: "✗ "; } .wrong .sure::before { content: none; }
        .right { color: var(--good); } .right span::before { content: "✓ "; } .right .sure::before { content: none; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
        caption { text-align: left; color: var(--soft); padding-bottom: 6px; }
        .confusion td, .confusion th { width: 46px; height: 34px; text-align: center; }
        .confusion td { border: 1px solid var(--line); background: color-mix(in srgb, var(--bad) var(--heat, 0%), var(--card)); }
        .confusion thead td { border: 0; background: none; }
        .confusion .hit { background: color-mix(in srgb, var(--good) 26%, var(--card)); font-weight: 600; }
        .confusion .none { color: var(--soft); }
        .facts th, .facts td { text-align: left; padding: 4px 16px 4px 0; vertical-align: top; }
        .facts th { color: var(--soft); font-weight: 400; white-space: nowrap; }
        .kernels th, .kernels td { text-align: right; padding: 3px 0 3px 16px; white-space: nowrap; }
        .kernels th:first-child { text-align: left; padding-left: 0; font-weight: 400; }
        .kernels { margin-top: 20px; } .kernels tbody th { max-width: 40em; overflow: hidden; text-overflow: ellipsis; }
        .kernels thead th { color: var(--soft); border-bottom: 1px solid var(--line); }
        """;
}
