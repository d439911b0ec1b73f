"""A Flask application with a template, sessions, errors and hooks, asked through its test client."""

from flask import Flask, abort, g, jsonify, redirect, render_template_string, request, session, url_for

app = Flask(__name__)
app.secret_key = "fixed"
PAGE = "{% macro row(i) %}<li>{{ i }}: {{ i * i }}</li>{% endmacro %}<h1>{{ name|title }}</h1><ul>{% for i in range(n) %}{% if i % 2 %}{{ row(i) }}{% endif %}{% else %}none{% endfor %}</ul>{{ '<&>' }}"


@app.before_request
def before():
    g.user = request.headers.get("X-User", "nobody")


@app.route("/")
def index():
    return redirect(url_for("page", name="home"))


@app.route("/page/<name>")
def page(name):
    return render_template_string(PAGE, name=name, n=request.args.get("n", 5, type=int))


@app.route("/api/<int:x>", methods=["GET", "POST"])
def api(x):
    if x > 5:
        abort(418)
    return jsonify(x=x, user=g.user, form=request.form.to_dict(), data=request.get_json(silent=True))


@app.route("/count")
def count():
    session["n"] = session.get("n", 0) + 1
    return str(session["n"])


@app.errorhandler(418)
def teapot(error):
    return {"error": error.code}, 418


client = app.test_client()
for turn in range(30):
    answers = [
        client.get("/"),
        client.get(f"/page/a%20b?n={turn}"),
        client.get(f"/api/{turn}", headers={"X-User": "u"}),
        client.post("/api/1", data={"k": "v"}),
        client.post("/api/2", json=[1, turn]),
        client.get("/count"),
        client.get("/nothing"),
        client.delete("/api/1"),
    ]
    if turn % 7 == 0:
        for r in answers:
            print(r.status_code, r.headers.get("Location"), r.get_data(as_text=True))
