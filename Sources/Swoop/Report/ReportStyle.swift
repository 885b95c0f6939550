/// The style and the few lines of script of the report. The page is whole without the script; it only filters and
/// enlarges pictures.
package enum ReportStyle {
  package static let css: StaticString = """
    :root{color-scheme:light dark;--bg:#f6f6f4;--card:#fff;--ink:#1b1e23;--soft:#5b616b;--line:#e2e2de;--floor:#ecece8;
    --accent:#2b5bc7;--mute:#9aa3b2;--bad:#b3261e;--badbg:#fdeeec;--warn:#7a4d00;--warnbg:#fdf4e0}
    @media(prefers-color-scheme:dark){:root{--bg:#121417;--card:#1b1e23;--ink:#e9eaec;--soft:#a3a9b3;--line:#30343b;
    --floor:#2a2e35;--accent:#7aa2ff;--mute:#6b7482;--bad:#ffb4ab;--badbg:#3a1a17;--warn:#f5cf85;--warnbg:#33270f}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
    "Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
    main{max-width:1160px;margin:0 auto;padding:28px 20px 48px}
    h1{font-size:30px;line-height:1.2;margin:2px 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}
    h2{font-size:19px;line-height:1.3;margin:0 0 4px}
    h3{font-size:15px;margin:0 0 6px}
    p{margin:0 0 10px}
    .over{font-size:13px;color:var(--soft);margin:0}
    .sub,.note{color:var(--soft);font-size:14px}
    .lead{font-size:18px;margin:14px 0 18px;max-width:56em}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 18px;padding:0}
    .figures div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px}
    .figures dt{font-size:13px;color:var(--soft)}
    .figures dd{margin:0;font-size:28px;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
    .figures dd small{font-size:14px;font-weight:400;color:var(--soft);margin-left:5px}
    .figures .bad dd{color:var(--bad)}
    .alert{border-radius:10px;padding:10px 16px;margin:0 0 12px;font-size:15px;background:var(--warnbg);color:var(--warn)}
    .alert.bad{background:var(--badbg);color:var(--bad)}
    .alert a{color:inherit}
    section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px;margin:0 0 18px}
    .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(228px,1fr));gap:14px;margin:12px 0 0;padding:0;
    list-style:none}
    .gallery figure{margin:0}
    .gallery li[hidden],.js .few .extra{display:none}
    .more{display:none;margin:14px 0 0;text-align:center}
    .js .few .more{display:block}
    .frame{display:block;width:100%;padding:0;border:1px solid var(--line);border-radius:8px;background:var(--floor);
    overflow:hidden;aspect-ratio:4/3;font:inherit;color:inherit}
    .js .frame{cursor:zoom-in}
    .frame img{display:block;width:100%;height:100%;object-fit:contain}
    figcaption{font-size:13px;line-height:1.4;padding:6px 2px 0}
    .key{display:block;overflow-wrap:anywhere}
    .chips{display:flex;flex-wrap:wrap;gap:2px 10px;color:var(--soft)}
    .dot{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:5px;border:1px solid #0003}
    .filter{display:none;flex-wrap:wrap;gap:8px;margin:10px 0 0}
    .js .filter{display:flex}
    .filter button,.more button{font:inherit;font-size:14px;padding:5px 12px;min-height:34px;border-radius:17px;
    border:1px solid var(--line);background:transparent;color:var(--ink);cursor:pointer}
    .filter button[aria-pressed=true]{background:var(--ink);color:var(--card);border-color:var(--ink)}
    :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
    p.chips{font-size:14px}
    .scroll{overflow-x:auto;background:linear-gradient(90deg,var(--card) 30%,transparent) left/48px 100% no-repeat local,
    linear-gradient(270deg,var(--card) 30%,transparent) right/48px 100% no-repeat local,
    linear-gradient(90deg,#0003,transparent) left/14px 100% no-repeat,
    linear-gradient(270deg,#0003,transparent) right/14px 100% no-repeat}
    .scroll table{border-collapse:separate;border-spacing:0}
    .scroll th:first-child{position:sticky;left:0;background:var(--card) padding-box}
    table{border-collapse:collapse;width:100%;font-size:15px;margin-top:8px}
    th,td{text-align:left;padding:7px 12px 7px 0;border-bottom:1px solid var(--line);vertical-align:middle}
    tr:last-child>td,tr:last-child>th{border-bottom:0}
    th{font-weight:600}
    thead th{font-size:13px;font-weight:500;color:var(--soft);white-space:nowrap}
    .num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .label{display:inline-flex;align-items:baseline}.label .dot{flex:none}
    .wide{width:34%;min-width:90px}
    .name{overflow-wrap:break-word;min-width:90px}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(290px,1fr));gap:22px;margin-top:6px}
    .chart,.spark,.meter{display:block;width:100%}
    .parts{display:block;width:100%;height:30px}
    .spark{width:120px;height:28px}
    .meter{height:10px;border-radius:3px}
    .bar{fill:var(--accent)}
    .floor{fill:var(--floor)}
    .grid{stroke:var(--line)}
    .axis{stroke:var(--soft)}
    .tick{fill:var(--soft);font-size:12px;font-family:inherit}
    .failure{padding:10px 0;border-bottom:1px solid var(--line)}
    .failure:last-of-type{border-bottom:0;padding-bottom:0}
    .failure ul{margin:4px 0 0;padding-left:20px;font-size:14px}
    .failure li{overflow-wrap:anywhere;margin:2px 0}
    code{font:.92em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
    .words span{display:inline-block;max-width:100%}
    .settings{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:0 36px}
    .settings th{font-weight:500;color:var(--soft);width:42%;vertical-align:top}
    .settings td{overflow-wrap:anywhere;vertical-align:top}
    footer{color:var(--soft);font-size:14px}
    dialog{border:0;border-radius:12px;padding:0;background:var(--card);color:var(--ink);max-width:min(96vw,1100px)}
    dialog::backdrop{background:#000b}
    dialog img{display:block;width:min(96vw,1100px);max-height:84vh;object-fit:contain;background:var(--floor)}
    dialog div{display:flex;justify-content:space-between;align-items:center;gap:12px;padding:8px 14px}
    dialog button{font:inherit;padding:6px 16px;border-radius:18px;border:1px solid var(--line);background:transparent;
    color:inherit;cursor:pointer}
    @media(max-width:560px){main{padding:18px 12px 32px}section{padding:14px}h1{font-size:25px}.lead{font-size:17px}
    .figures{grid-template-columns:1fr 1fr;gap:8px}.figures dd{font-size:23px}.figures div{padding:9px 12px}
    .gallery{grid-template-columns:1fr 1fr;gap:10px}.hide{display:none}.wide{width:26%;min-width:60px}
    th,td{padding-right:9px}.spark{width:84px}.scroll .label{width:max-content;max-width:46vw}
    .scroll .label>:last-child{min-width:0;overflow-wrap:break-word}}
    @media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--floor:#eee;
    --accent:#2b5bc7;--bad:#b3261e;--badbg:#fff;--warn:#7a4d00;--warnbg:#fff}
    body{font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:none;padding:0}
    h1{font-size:18pt}h2{font-size:13pt}.lead{font-size:12pt;margin:6pt 0 8pt}.figures dd{font-size:18pt}
    .sub,.note,p.chips,footer{font-size:9pt}table{font-size:9.5pt}th,td{padding:3.5pt 8pt 3.5pt 0}thead th{font-size:8.5pt}
    section,.figures div{border:0;padding:0;margin-bottom:12pt}.alert{padding:0}.js .filter,.js .few .more{display:none}
    h2,h3,.note,p.chips,section>p{break-after:avoid}.scroll{overflow:visible;background:none}
    .scroll th:first-child{position:static;background:none}
    .gallery{grid-template-columns:repeat(4,1fr)}.charts{grid-template-columns:repeat(2,1fr)}
    .figures{grid-template-columns:repeat(6,auto)}.gallery li,tr,.failure,.charts>div,.whole{break-inside:avoid}}
    """

  static let script: StaticString = """
    document.documentElement.classList.add("js");
    document.querySelectorAll(".more button").forEach(b=>{const fold=b.closest(".fold");fold.classList.add("few");
    b.addEventListener("click",()=>fold.classList.remove("few"))});
    const items=[...document.querySelectorAll(".gallery li")],buttons=[...document.querySelectorAll(".filter button")],
    live=document.getElementById("shown"),box=document.querySelector("dialog");
    buttons.forEach(b=>b.addEventListener("click",()=>{document.querySelector(".fold").classList.remove("few");
    buttons.forEach(o=>o.setAttribute("aria-pressed",o===b));const want=b.dataset.class;let n=0;
    items.forEach(i=>{const on=want==="all"||i.dataset.classes.split(" ").includes(want);i.hidden=!on;if(on)n++});
    live.textContent=n+(n===1?" picture":" pictures")+" shown"}));
    document.querySelectorAll(".frame").forEach(f=>f.addEventListener("click",()=>{const i=f.querySelector("img"),
    o=box.querySelector("img");o.src=i.src;o.alt=i.alt;
    box.querySelector("span").textContent=f.parentElement.querySelector(".key").textContent;box.showModal()}));
    if(box)box.addEventListener("click",e=>{if(e.target===box||e.target.tagName==="BUTTON")box.close()});
    """
}
